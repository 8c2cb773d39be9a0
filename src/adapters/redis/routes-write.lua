--[[
Writes changes in order, and renews the lease by the way.

KEYS[1] root
ARGV[1] server, ARGV[2] incarnation, ARGV[3] lease in ms
ARGV[4 ..] three for each change: '+' or '-', feed, and for rooms user id and name as '<id> <name>', else ''
Returns 1, or 0 when the incarnation does not hold the lease: then nothing was written.
]]
local root, server = KEYS[1], ARGV[1]
local lease = root .. ':lease:' .. server
if redis.call('GET', lease) ~= ARGV[2] then
	return 0
end
redis.call('PEXPIRE', lease, ARGV[3])

local function route(command, feed)
	redis.call(command, root .. ':servers:' .. feed, server)
	redis.call(command, root .. ':feeds:' .. server, feed)
end

for i = 4, #ARGV, 3 do
	local present, feed, user = ARGV[i] == '+', ARGV[i + 1], ARGV[i + 2]
	if user == '' then
		route(present and 'SADD' or 'SREM', feed)
	else
		local members = root .. ':members:' .. feed .. ':' .. server
		local id, name = string.match(user, '^(%d+) (.*)$')
		if present then
			-- Only the first member changes the route.
			if redis.call('HSET', members, id, name) == 1 and redis.call('HLEN', members) == 1 then
				route('SADD', feed)
			end
		elseif redis.call('HDEL', members, id) == 1 and redis.call('EXISTS', members) == 0 then
			route('SREM', feed)
		end
	end
end
return 1
