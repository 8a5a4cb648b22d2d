using System.Net;

namespace KeysCluster.VirtualKeys;

/// <summary>Converts ranges of addresses for grain calls.</summary>
[RegisterConverter]
internal sealed class IPNetworkConverter : IConverter<IPNetwork, IPNetworkSurrogate>
{
    public IPNetwork ConvertFromSurrogate(in IPNetworkSurrogate surrogate) =>
        new(surrogate.Address, surrogate.PrefixLength);

    public IPNetworkSurrogate ConvertToSurrogate(in IPNetwork value) => new(value.BaseAddress, value.PrefixLength);
}
