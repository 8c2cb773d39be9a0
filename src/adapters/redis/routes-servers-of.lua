--[[
The live servers of each feed. Dead ones that it meets are removed.

KEYS[1] root
ARGV    feeds
Returns one line a feed, in the order asked: the servers, divided by spaces.
]]
local root, live, lines = KEYS[1], {}, {}
for i, feed in ipairs(ARGV) do
	local found = {}
	for _, server in ipairs(redis.call('SMEMBERS', root .. ':servers:' .. feed)) do
		if live[server] == nil then
			live[server] = redis.call('EXISTS', root .. ':lease:' .. server) == 1
		end
		if live[server] then
			found[#found + 1] = server
		else
			redis.call('SREM', root .. ':servers:' .. feed, server)
		end
	end
	lines[i] = table.concat(found, ' ')
end
return table.concat(lines, '\n')
