using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace KeysCluster.Hosting.AdminKeys;

/// <summary>
/// The SHA-256 digest of an admin key, by which a host recognizes the key without having it. Generated admin keys have
/// 240 random bits, so their digests cannot be reversed by search.
/// </summary>
public sealed class AdminKeyDigest : IEquatable<AdminKeyDigest>
{
    private const string Prefix = "sha256:";
    private const int HexLength = 2 * SHA256.HashSizeInBytes;

    private readonly byte[] _bytes;

    private AdminKeyDigest(byte[] bytes) => _bytes = bytes;

    /// <summary>Computes the digest of the UTF-8 text of a key.</summary>
    public static AdminKeyDigest Compute(string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Parses <c>sha256:</c> and 64 hex digits of either case.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AdminKeyDigest? digest)
    {
        digest = null;
        if (text?.Length != Prefix.Length + HexLength) return false;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var bytes = new byte[SHA256.HashSizeInBytes];
        var status = Convert.FromHexString(text.AsSpan(Prefix.Length), bytes, out _, out _);
        if (status != OperationStatus.Done) return false;
        digest = new AdminKeyDigest(bytes);
        return true;
    }

    /// <summary>Returns the value of the setting, which <see cref="TryParse"/> accepts.</summary>
    public string ToSetting() => Prefix + Convert.ToHexStringLower(_bytes);

    /// <summary>Compares two digests. The duration does not reveal how much of them matches.</summary>
    public bool Equals(AdminKeyDigest? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as AdminKeyDigest);

    /// <inheritdoc />
    public override int GetHashCode() => BitConverter.ToInt32(_bytes);

    /// <summary>Returns a constant text, so that no digest reaches a log or a trace.</summary>
    public override string ToString() => "(digest)";
}
