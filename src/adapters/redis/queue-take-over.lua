-- Gives back what consumers hold whose lease has ended: to where it is taken next, in order.
-- An ended consumer stays listed for a while, and is looked at again: a blocking move that it had sent
-- before it was lost can still be carried out later, when a server that hung goes on.
--
-- KEYS[1]  items: list of what waits
-- KEYS[2]  consumers: sorted set, consumer id by the end of its lease (server time, ms since 1970)
-- ARGV[1]  key of a processing list up to the consumer id (the same hash tag, so the same cluster slot, as KEYS)
-- ARGV[2]  how long an ended consumer stays listed, ms
-- ARGV[3]  id of a consumer whose lease ends now, or ''
-- Result   how many items were given back

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[3] ~= '' then redis.call('ZADD', KEYS[2], now, ARGV[3]) end

local moved = 0
-- Whoever was lost first comes last here, and so is taken first.
for _, id in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[2], now, '-inf')) do
	local processing = ARGV[1] .. id
	local held = redis.call('LRANGE', processing, 0, -1)
	for first = 1, #held, 1000 do
		redis.call('RPUSH', KEYS[1], unpack(held, first, math.min(first + 999, #held)))
	end
	if #held > 0 then redis.call('DEL', processing) end
	moved = moved + #held
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[2])
return moved
