using System.Net;

namespace KeysCluster.Grains.Deliveries;

/// <summary>Resolves host names by the resolver of the operating system.</summary>
internal sealed class DnsResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
