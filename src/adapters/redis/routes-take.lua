--[[
Takes the lease of a server for a new incarnation, whoever held it before.

The directory's keys all carry the hash tag {route}, so that the ones that are made up here lie in the slot of KEYS[1]:
  <root>:lease:<server>           incarnation of the publisher; expires with it
  <root>:known                    set of servers that may have keys
  <root>:feeds:<server>           set of feeds that the server holds readers of
  <root>:servers:<feed>           set of servers that hold readers of the feed
  <root>:members:<feed>:<server>  hash user id -> name, for rooms

KEYS[1] root
ARGV[1] server, ARGV[2] incarnation, ARGV[3] lease in ms
]]
redis.call('SET', KEYS[1] .. ':lease:' .. ARGV[1], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[1] .. ':known', ARGV[1])
return 1
