--[[
Renews the lease of an incarnation; 0 ms ends it at once.

KEYS[1] root
ARGV[1] server, ARGV[2] incarnation, ARGV[3] lease in ms
Returns 1, or 0 when the incarnation does not hold the lease.
]]
local lease = KEYS[1] .. ':lease:' .. ARGV[1]
if redis.call('GET', lease) ~= ARGV[2] then
	return 0
end
redis.call('PEXPIRE', lease, ARGV[3])
return 1
