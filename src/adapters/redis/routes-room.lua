--[[
Who is in a room on live servers, each user once.

KEYS[1] root
ARGV[1] feed of the room, ARGV[2] most members to list
Returns the count, followed by id, name, id, name … when there are at most that many.
]]
local root, feed, limit = KEYS[1], ARGV[1], tonumber(ARGV[2])
local live = {}
for _, server in ipairs(redis.call('SMEMBERS', root .. ':servers:' .. feed)) do
	if redis.call('EXISTS', root .. ':lease:' .. server) == 1 then
		live[#live + 1] = root .. ':members:' .. feed .. ':' .. server
	end
end

if #live == 0 then
	return { 0 }
end
if #live == 1 then
	local count = redis.call('HLEN', live[1])
	if count > limit then
		return { count }
	end
	local reply = redis.call('HGETALL', live[1])
	table.insert(reply, 1, count)
	return reply
end

local seen, count, reply = {}, 0, { 0 }
for _, members in ipairs(live) do
	local pairsOf = redis.call('HGETALL', members)
	for i = 1, #pairsOf, 2 do
		local id = pairsOf[i]
		if not seen[id] then
			seen[id] = true
			count = count + 1
			if count <= limit then
				reply[2 * count] = id
				reply[2 * count + 1] = pairsOf[i + 1]
			end
		end
	end
end
if count > limit then
	return { count }
end
reply[1] = count
return reply
