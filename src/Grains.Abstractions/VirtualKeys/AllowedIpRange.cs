using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace KeysCluster.VirtualKeys;

/// <summary>The rules of the address ranges from which a virtual key may be used.</summary>
public static class AllowedIpRange
{
    /// <summary>The maximum number of ranges of a key.</summary>
    public const int MaxCount = 32;

    /// <summary>
    /// Parses a range in CIDR notation, such as <c>10.1.0.0/16</c> or <c>2001:db8::/48</c>, or a single address. The
    /// bits after the prefix must be zero. IPv4 addresses must not be written as IPv6 addresses.
    /// </summary>
    public static bool TryParse(string? text, out IPNetwork range)
    {
        range = default;
        var parts = (text ?? "").Split('/');
        if (parts.Length > 2 || !TryParseAddress(parts[0], out var address) || address.IsIPv4MappedToIPv6
            || parts[0].Contains('%', StringComparison.Ordinal))
            return false;
        if (parts.Length == 2) return IPNetwork.TryParse(text, out range) && range.BaseAddress.Equals(address);
        range = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>
    /// Parses an address. Refuses what .NET accepts and a reader may take for another address: <c>10.1</c> for
    /// <c>10.0.0.1</c>, octal and hexadecimal numbers, brackets and ports.
    /// </summary>
    public static bool TryParseAddress(string? text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address)) return false;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : text.AsSpan().IndexOfAny('[', ']') < 0;
    }

    /// <summary>Parses texts that <see cref="TryParse"/> accepts.</summary>
    /// <exception cref="FormatException">It does not accept one.</exception>
    public static IReadOnlyList<IPNetwork> ParseAll(IEnumerable<string> texts) =>
        [.. texts.Select(text => TryParse(text, out var range) ? range : throw new FormatException())];

    /// <summary>
    /// Returns whether an address is in one of the ranges. Without ranges, every address is. An unknown address is in
    /// none.
    /// </summary>
    public static bool Contains(IReadOnlyList<IPNetwork> ranges, IPAddress? address)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (ranges.Count == 0) return true;
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        for (var i = 0; i < ranges.Count; i++)
            if (ranges[i].Contains(address)) return true;
        return false;
    }
}
