using System.Net;

namespace KeysCluster.VirtualKeys;

/// <summary>The form in which grain calls carry an <see cref="IPNetwork"/>.</summary>
/// <param name="Address">The first address.</param>
/// <param name="PrefixLength">The number of bits that the addresses share.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.IPNetwork")]
internal readonly record struct IPNetworkSurrogate(
    [property: Id(0)] IPAddress Address, [property: Id(1)] int PrefixLength);
