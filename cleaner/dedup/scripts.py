"""How an index lies on a Redis server: its keys, the record of a text, and the scripts that run there."""

from __future__ import annotations

import struct

import xxhash

from cleaner.dedup.sketch import BITMAP_LANES, Sketch

ENTRY = 8
"""Bytes of an entry: the number of a text, and of its shingles."""

# A text's record: words, shingles, bytes of the id and of the keys; then the bitmap, the exact digest, the keys (bands
# and anchors), the id, the shingles.
HEAD = struct.Struct("<IIII")
BITMAP_END = HEAD.size + 8 * BITMAP_LANES
EXACT_END = BITMAP_END + 16

# Every key begins with the index's name in braces, so that a cluster has all of them in one place:
#   settings (hash), number (the last given), texts (how many), epoch (goes up when texts are removed), runs (hash),
#   t:number (record), i:digest of id (numbers, 4 bytes each),
#   b:key of a band or anchor, x:exact digest (entries in keep order, 8 bytes each: number, shingles).
OPEN = """
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1] .. 'settings') == 0 then
  redis.call('HSET', KEYS[1] .. 'settings', unpack(ARGV, 2))
end
return redis.call('HGETALL', KEYS[1] .. 'settings')
"""
LOOK = """
local p, bands, digest, cap = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[6])
local size, threshold, before = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local bands_end = tonumber(ARGV[9])
if redis.call('EXISTS', p .. 'settings') == 0 then return {} end
local lengths, numbers, seen = {}, {}, {}
for at = 1, #bands, 8 do
  local key = p .. 'b:' .. string.sub(bands, at, at + 7)
  lengths[#lengths + 1] = redis.call('STRLEN', key)
  local entries = redis.call('GETRANGE', key, 0, cap - 1)
  for place = 1, #entries, 8 do
    local number, other = struct.unpack('<I4I4', entries, place)
    if number < before and not seen[number] then
      local near = math.min(other, size) / math.max(other, size) >= threshold
      if near or (at > bands_end and other > size) then
        seen[number] = true
        numbers[#numbers + 1] = number
      end
    end
  end
end
table.sort(numbers)
local first, exact, copies = 0, '', redis.call('GETRANGE', p .. 'x:' .. digest, 0, 7)
if #copies > 0 and struct.unpack('<I4', copies) < before then
  first = struct.unpack('<I4', copies)
  exact = redis.call('GET', p .. 't:' .. first)
end
local records = {}
for place, number in ipairs(numbers) do
  if #numbers <= tonumber(ARGV[7]) then
    records[place] = redis.call('GET', p .. 't:' .. number)
  else
    records[place] = redis.call('GETRANGE', p .. 't:' .. number, 0, tonumber(ARGV[8]) - 1)
  end
end
return {redis.call('GET', p .. 'epoch') or '0', redis.call('STRLEN', p .. 'x:' .. digest), lengths,
        first, exact, numbers, records}
"""
# Adds only where all is as the look-up saw it, up to the cap, beyond which nothing is compared; or without a question.
ADD = """
local p, bands, digest, size, cap = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('EXISTS', p .. 'settings') == 0 then return -1 end
if ARGV[7] ~= '' then
  if (redis.call('GET', p .. 'epoch') or '0') ~= ARGV[7] then return 0 end
  if redis.call('STRLEN', p .. 'x:' .. digest) ~= tonumber(ARGV[8]) then return 0 end
  for at = 1, #bands, 8 do
    local length = redis.call('STRLEN', p .. 'b:' .. string.sub(bands, at, at + 7))
    if math.min(length, cap) ~= math.min(tonumber(ARGV[8 + (at + 7) / 8]), cap) then return 0 end
  end
end
local number = redis.call('INCR', p .. 'number')
local entry = struct.pack('<I4I4', number, size)
redis.call('SET', p .. 't:' .. number, ARGV[6])
for at = 1, #bands, 8 do redis.call('APPEND', p .. 'b:' .. string.sub(bands, at, at + 7), entry) end
redis.call('APPEND', p .. 'x:' .. digest, entry)
redis.call('APPEND', p .. 'i:' .. ARGV[5], struct.pack('<I4', number))
redis.call('INCR', p .. 'texts')
return number
"""
REMOVE = """
local p, id, start = KEYS[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', p .. 'settings') == 0 then return -1 end
local function without(key, number, width)
  local old, new = redis.call('GET', key) or '', {}
  for place = 1, #old, width do
    if struct.unpack('<I4', old, place) ~= number then new[#new + 1] = string.sub(old, place, place + width - 1) end
  end
  if #new == 0 then redis.call('DEL', key) else redis.call('SET', key, table.concat(new)) end
end
local numbers, removed = redis.call('GET', p .. 'i:' .. ARGV[1]) or '', 0
for at = 1, #numbers, 4 do
  local number = struct.unpack('<I4', numbers, at)
  local record = redis.call('GET', p .. 't:' .. number)
  local _, _, length, keys = struct.unpack('<I4I4I4I4', record)
  local bands_end = start + keys
  if string.sub(record, bands_end + 1, bands_end + length) == id then
    for place = start + 1, bands_end, 8 do without(p .. 'b:' .. string.sub(record, place, place + 7), number, 8) end
    without(p .. 'x:' .. string.sub(record, start - 15, start), number, 8)
    without(p .. 'i:' .. ARGV[1], number, 4)
    redis.call('DEL', p .. 't:' .. number)
    redis.call('DECR', p .. 'texts')
    removed = removed + 1
  end
end
if removed > 0 then redis.call('INCR', p .. 'epoch') end
return removed
"""


def raw(id: str) -> bytes:
    """Return the bytes of any id, a lone surrogate in it, too."""
    return id.encode("utf-8", "surrogatepass")


def digest(raw: bytes) -> bytes:
    """Return what the texts of an id are found by."""
    found: bytes = xxhash.xxh3_128_digest(raw)
    return found


def packed(raw: bytes, sketch: Sketch) -> bytes:
    """Return the record of a text."""
    keys = sketch.bands + sketch.anchors
    head = HEAD.pack(sketch.words, sketch.size, len(raw), len(keys))
    return b"".join((head, sketch.bitmap, sketch.exact, keys, raw, sketch.shingles))


def unpacked(record: bytes, bands: int) -> tuple[str, Sketch]:
    """Return the id and the sketch that a record holds, in an index of `bands` bands."""
    words, _, length, keys = HEAD.unpack_from(record)
    bands_end, keys_end = EXACT_END + 8 * bands, EXACT_END + keys
    id_end = keys_end + length
    return record[keys_end:id_end].decode("utf-8", "surrogatepass"), Sketch(
        exact=record[BITMAP_END:EXACT_END],
        shingles=record[id_end:],
        bands=record[EXACT_END:bands_end],
        bitmap=record[HEAD.size : BITMAP_END],
        words=words,
        anchors=record[bands_end:keys_end],
    )
