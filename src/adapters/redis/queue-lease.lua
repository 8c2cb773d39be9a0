-- Starts or renews a consumer's lease.
--
-- KEYS[1]  consumers: sorted set, consumer id by the end of its lease (server time, ms since 1970)
-- ARGV[1]  consumer id
-- ARGV[2]  length of the lease, ms
-- ARGV[3]  'start' or 'renew'
-- Result   1; 0 if a lease to renew had ended: what the consumer held may be another's by now

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] == 'renew' then
	local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
	if not ends or tonumber(ends) <= now then return 0 end
end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return 1
