using System.Net;

namespace KeysCluster.Grains.Deliveries;

/// <summary>Resolves the host names of webhooks.</summary>
internal interface IHostResolver
{
    /// <summary>Returns the addresses of a host.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The host is unknown.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
