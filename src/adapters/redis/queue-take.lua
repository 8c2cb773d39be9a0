-- Moves the oldest items that wait to a consumer's processing list. Newer items are nearer to the head of both lists.
--
-- KEYS[1]  items: list of what waits
-- KEYS[2]  processing: list of what this consumer holds
-- KEYS[3]  consumers: sorted set, consumer id by the end of its lease (server time, ms since 1970)
-- ARGV[1]  consumer id
-- ARGV[2]  most items to move, at most 1000
-- Result   the items, oldest first; false if the lease has ended

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = redis.call('ZSCORE', KEYS[3], ARGV[1])
if not ends or tonumber(ends) <= now then return false end

local taken = redis.call('RPOP', KEYS[1], ARGV[2])
if not taken then return {} end
redis.call('LPUSH', KEYS[2], unpack(taken))
return taken
