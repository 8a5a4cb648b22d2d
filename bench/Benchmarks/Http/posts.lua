-- A script for wrk: posts the lines of a file in turn, as JSON bodies with one API key, and prints the results as one
-- line of JSON. Times are in microseconds.
local posts = {}
local at = 0

function init(arguments)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCHMARK_API_KEY")
  for body in io.lines(arguments[1]) do
    posts[#posts + 1] = wrk.format(nil, nil, nil, body)
  end
end

function request()
  at = at % #posts + 1
  return posts[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format('{"requests":%d,"duration":%d,"failed":%d,"p50":%d,"p99":%d}',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
