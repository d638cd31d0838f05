-- How many records a query finds: each node tells its number, and the client adds them up.
local function add(a, b)
  return a + b
end

function count(stream)
  return stream : reduce(add)
end
