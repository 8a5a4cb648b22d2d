using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeysCluster.TestKit;

/// <summary>
/// Chooses ports for servers under test, each only once per process. They are below the range of ports for outgoing
/// connections (32,768 and above on Linux). A connection could take a port of that range before its server starts or
/// restarts.
/// </summary>
public static class FreePort
{
    private const int FirstPort = 12_000;
    private const int PortCount = 17_000;

    private static int _nextOffset = Environment.ProcessId * 20 % PortCount;

    /// <summary>
    /// Returns a loopback TCP port without a listener. The port is not reserved: another process may bind it first.
    /// </summary>
    public static int Next() => Next(1);

    /// <summary>Returns the first of several consecutive free ports.</summary>
    public static int Next(int count)
    {
        while (true)
        {
            var first = FirstPort + ((Interlocked.Add(ref _nextOffset, count) - count) % PortCount);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    /// <summary>Returns a free port as the value of a setting.</summary>
    public static string NextAsText() => Next().ToString(CultureInfo.InvariantCulture);

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
