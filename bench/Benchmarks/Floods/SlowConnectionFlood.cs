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
            for (var group = 0; !stop.WaitHandle.WaitOne(Interval); group = (group + 1) % Groups)
            {
                for (var n = group; n < connections; n += Groups)
                {
                    try
                    {
                        if (open[n].HasInput) throw new SocketException((int)SocketError.ConnectionReset);
                        open[n].Send("a"u8);
                        bytes++;
                    }
                    catch (SocketException)
                    {
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

    private BlockingHttpConnection Open()
    {
        var connection = BlockingHttpConnection.Open(FloodTarget.ClientAddress, port);
        connection.Send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8);
        return connection;
    }
}
