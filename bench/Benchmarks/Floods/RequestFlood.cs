using System.Diagnostics;
using System.Net.Sockets;
using KeysCluster.Benchmarks.Http;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>
/// Requests over persistent connections, each of which has a thread and waits for a response before its next request.
/// </summary>
/// <param name="port">The port of the silo.</param>
/// <param name="connections">The number of connections.</param>
/// <param name="createRequest">Creates the requests of a connection.</param>
/// <param name="perSecond">The requests of all connections per second; null for as many as possible.</param>
internal sealed class RequestFlood(
    int port, int connections, Func<PreparedRequest> createRequest, int? perSecond) : IFlood
{
    /// <summary>A thread that wakes up for every request would take more processor time than the request.</summary>
    private const double MinIntervalSeconds = 0.01;

    public FloodResult Run(Action onStarted, CancellationToken stop)
    {
        var open = Enumerable.Range(0, connections).Select(_ => Open()).ToArray();
        onStarted();
        var callers = open
            .Select((connection, number) => Task.Factory.StartNew(
                () => Call(connection, number, stop),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))
            .ToArray();
        Task.WaitAll(callers, CancellationToken.None);
        return Add(callers.Select(caller => caller.Result));
    }

    private static FloodResult Add(IEnumerable<FloodResult> callers)
    {
        var all = callers.ToList();
        return new FloodResult(
            all.Sum(result => result.Requests),
            all.SelectMany(result => result.Statuses)
                .GroupBy(status => status.Key, status => status.Value)
                .ToDictionary(status => status.Key, status => status.Sum()),
            all.Sum(result => result.Reconnects));
    }

    private BlockingHttpConnection Open() => BlockingHttpConnection.Open(FloodTarget.ClientAddress, port);

    private FloodResult Call(BlockingHttpConnection connection, int number, CancellationToken stop)
    {
        var request = createRequest();
        var statuses = new Dictionary<int, long>();
        var (requests, reconnects) = (0L, 0L);
        try
        {
            var rate = (double?)perSecond / connections;
            var interval = TimeSpan.FromSeconds(rate is { } value ? Math.Max(MinIntervalSeconds, 1 / value) : 0);

            // The connections take turns, so that their requests do not arrive at the same time.
            stop.WaitHandle.WaitOne(interval * number / connections);
            var start = Stopwatch.GetTimestamp();
            while (!stop.IsCancellationRequested)
            {
                if (rate * Stopwatch.GetElapsedTime(start).TotalSeconds <= requests)
                {
                    stop.WaitHandle.WaitOne(interval);
                    continue;
                }

                try
                {
                    requests++;
                    var status = connection.Exchange(request.Next()).Status;
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }
                catch (SocketException)
                {
                    reconnects++;
                    connection.Dispose();
                    connection = Open();
                }
            }
        }
        finally
        {
            connection.Dispose();
        }

        return new FloodResult(requests, statuses, reconnects);
    }
}
