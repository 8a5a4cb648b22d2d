using System.Diagnostics;
using System.Net.Sockets;
using KeysCluster.Benchmarks.Http;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>
/// Connections that never complete their first request: each sends one byte of a header per second. The server closes
/// them when the header is late; then they are opened again.
/// </summary>
/// <param name="port">The port of the silo.</param>
/// <param name="connections">The number of connections.</param>
internal sealed class SlowConnectionFlood(int port, int connections) : IFlood
{
    /// <summary>The connections send in this number of groups, one after the other, each once per second.</summary>
    private const int Groups = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1) / Groups;

    public FloodResult Run(Action onStarted, CancellationToken stop)
    {
        var open = new BlockingHttpConnection[connections];
        var (bytes, reconnects) = (0L, 0L);
        try
        {
            for (var n = 0; n < connections; n++) open[n] = Open();
            onStarted();
            var start = Stopwatch.GetTimestamp();
            var sent = 0;
            while (!stop.WaitHandle.WaitOne(Interval))
            {
                // A thread that woke up late sends for the intervals that it missed.
                for (; sent < Stopwatch.GetElapsedTime(start) / Interval; sent++)
                {
                    for (var n = sent % Groups; n < connections; n += Groups)
                    {
                        if (TrySend(open[n]))
                        {
                            bytes++;
                            continue;
                        }

                        reconnects++;
                        open[n].Dispose();
                        open[n] = Open();
                    }
                }
            }
        }
        finally
        {
            foreach (var connection in open) connection?.Dispose();
        }

        return new FloodResult(bytes, new Dictionary<int, long>(), reconnects);
    }

    /// <summary>Sends a byte; false when the server has closed the connection.</summary>
    private static bool TrySend(BlockingHttpConnection connection)
    {
        if (connection.HasInput) return false;
        try
        {
            connection.Send("a"u8);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private BlockingHttpConnection Open()
    {
        var connection = BlockingHttpConnection.Open(FloodTarget.ClientAddress, port);
        connection.Send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8);
        return connection;
    }
}
