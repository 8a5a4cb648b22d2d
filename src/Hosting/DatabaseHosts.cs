using System.Net;

namespace KeysCluster.Hosting;

/// <summary>The hosts in a connection string of PostgreSQL.</summary>
internal static class DatabaseHosts
{
    /// <summary>
    /// Returns whether all hosts are this machine: a loopback address, <c>localhost</c>, or a folder of Unix sockets.
    /// </summary>
    /// <param name="hosts">The hosts, separated by commas, each with a port or without; null for none.</param>
    public static bool AreLocal(string? hosts) =>
        (hosts ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(IsLocal);

    private static bool IsLocal(string host)
    {
        // A name that starts with "@" is a socket in the abstract namespace of Linux.
        if (host[0] is '/' or '@') return true;
        if (IPAddress.TryParse(host, out var address)) return IPAddress.IsLoopback(address);
        if (IPEndPoint.TryParse(host, out var endpoint)) return IPAddress.IsLoopback(endpoint.Address);
        return host.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }
}
