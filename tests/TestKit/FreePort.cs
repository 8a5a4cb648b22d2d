using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeysCluster.TestKit;

/// <summary>
/// Ports for servers under test, none of them twice in a process. They lie below those that the system hands to outgoing
/// connections (from 32,768 on in Linux), one of which could hold a port before its server starts, or starts again.
/// </summary>
public static class FreePort
{
    private const int FirstPort = 12_000;
    private const int PortCount = 17_000;

    private static int _nextOffset = Environment.ProcessId * 20 % PortCount;

    /// <summary>A loopback TCP port on which nobody listens. Nothing reserves it for other processes: bind it soon.</summary>
    public static int Next() => Next(1);

    /// <summary>The first of several such ports in a row.</summary>
    public static int Next(int count)
    {
        while (true)
        {
            var first = FirstPort + ((Interlocked.Add(ref _nextOffset, count) - count) % PortCount);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    /// <summary>Such a port as a setting.</summary>
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
