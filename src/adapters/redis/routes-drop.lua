--[[
Removes entries of a server, a bounded number of feeds a call: its own, by the incarnation that holds the lease,
or those of a server whose lease has ended, by anybody.

KEYS[1] root
ARGV[1] server; '' stands for any whose lease has ended
ARGV[2] incarnation, ARGV[3] most feeds to remove
Returns how many feeds are left, or -1 when another incarnation holds the lease.
]]
local root, server = KEYS[1], ARGV[1]
if server == '' then
	for _, known in ipairs(redis.call('SMEMBERS', root .. ':known')) do
		if redis.call('EXISTS', root .. ':lease:' .. known) == 0 then
			server = known
			break
		end
	end
	if server == '' then
		return 0
	end
end

local holder = redis.call('GET', root .. ':lease:' .. server)
if holder and holder ~= ARGV[2] then
	return -1
end
for _, feed in ipairs(redis.call('SPOP', root .. ':feeds:' .. server, ARGV[3])) do
	redis.call('SREM', root .. ':servers:' .. feed, server)
	redis.call('UNLINK', root .. ':members:' .. feed .. ':' .. server)
end
local left = redis.call('SCARD', root .. ':feeds:' .. server)
if left == 0 and not holder then
	redis.call('SREM', root .. ':known', server)
end
return left
