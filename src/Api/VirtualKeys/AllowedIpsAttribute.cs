using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Validates a list of address ranges.</summary>
internal sealed class AllowedIpsAttribute() : ListAttribute(
    AllowedIpRange.MaxCount,
    "addresses and ranges such as 10.1.0.0/16 or 2001:db8::/48, whose bits after the prefix are zero.")
{
    protected override bool IsValidEntry(string text) => AllowedIpRange.TryParse(text, out _);
}
