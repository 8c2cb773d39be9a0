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

local largest = 0
for _, members in ipairs(live) do
	largest = math.max(largest, redis.call('HLEN', members))
end
if #live == 1 and largest > limit then
	return { largest }
end

local seen, count, reply = {}, 0, { 0 }
-- A server that alone holds too many rules the list out: then names are not read.
local names = largest <= limit
for _, members in ipairs(live) do
	local fields = redis.call(names and 'HGETALL' or 'HKEYS', members)
	for i = 1, #fields, names and 2 or 1 do
		local id = fields[i]
		if not seen[id] then
			seen[id] = true
			count = count + 1
			if names then
				reply[2 * count] = id
				reply[2 * count + 1] = fields[i + 1]
			end
		end
	end
end
if count > limit then
	return { count }
end
reply[1] = count
return reply
