using System.Net;

namespace KeysCluster.Grains.Tests.TestSilo;

internal sealed record TestSiloDetails(int Number) : ILocalSiloDetails
{
    public string Name => $"silo {Number}";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 11110 + Number, Number);

    public SiloAddress GatewayAddress => SiloAddress;
}
