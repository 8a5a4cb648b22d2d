using System.Net;
using System.Net.Sockets;

namespace KeysCluster.TestKit;

/// <summary>Finds ports for servers under test.</summary>
public static class FreePort
{
    /// <summary>A loopback TCP port that was free a moment ago. Nothing reserves it: bind it soon.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
