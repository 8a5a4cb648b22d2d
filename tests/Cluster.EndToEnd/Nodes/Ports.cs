using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Cluster.EndToEnd.Nodes;

/// <summary>
/// Ports for servers that come back on them: below those that the system hands to outgoing connections, one of which could
/// hold the port when its server starts again.
/// </summary>
internal static class Ports
{
    private static int _next = 12_000 + (Environment.ProcessId % 900 * 20);

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
