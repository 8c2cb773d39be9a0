--[[
Does once what the scripts of modules do, on a key that is gone afterwards: whoever may not is told by the error.

KEYS[1] a key of nobody
]]
local key = KEYS[1]
-- First: without this right nothing is written that would stay.
redis.call('DEL', key)

local refused
local function try(...)
	local reply = redis.pcall(...)
	if not refused and type(reply) == 'table' and reply.err then
		refused = reply
	end
end

for _, commands in ipairs({
	{ { 'TIME' }, { 'EXISTS', key }, { 'SET', key, '1', 'PX', 1000 }, { 'GET', key }, { 'PEXPIRE', key, 1000 } },
	{ { 'SADD', key, '1' }, { 'SMEMBERS', key }, { 'SCARD', key }, { 'SREM', key, '2' }, { 'SPOP', key, 1 } },
	{ { 'HSET', key, '1', '1' }, { 'HLEN', key }, { 'HKEYS', key }, { 'HGETALL', key }, { 'HDEL', key, '1' } },
	{ { 'ZADD', key, 1, '1' }, { 'ZSCORE', key, '1' }, { 'ZREVRANGEBYSCORE', key, 1, 1 }, { 'ZREMRANGEBYSCORE', key, 1, 1 } },
	{ { 'LPUSH', key, '1' }, { 'RPUSH', key, '2' }, { 'LRANGE', key, 0, -1 }, { 'LLEN', key }, { 'LTRIM', key, 0, 1 } },
	{ { 'LREM', key, 1, '2' }, { 'RPOP', key, 1 }, { 'UNLINK', key } },
}) do
	for _, command in ipairs(commands) do
		try(unpack(command))
	end
	redis.call('DEL', key)
end
return refused or 1
