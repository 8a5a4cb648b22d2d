using System.IO.Hashing;
using System.Text;

namespace KeysCluster.Contract.Verification;

/// <summary>
/// Forges texts of a secret's format, with a checksum that is right: <c>prefix + random (32) + owner (26) + checksum
/// (7)</c>, in Crockford's base32. Written from the format's description, not with the service's code.
/// </summary>
internal static class ForgedSecret
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int ChecksumLength = 7;
    private const int OwnerLength = 26;

    /// <summary>The random part alone, all of it that is never shown.</summary>
    public static string GetHiddenRandomPart(string secret) => secret[^(ChecksumLength + OwnerLength + 26)..^(ChecksumLength + OwnerLength)];

    /// <summary>The same key, another random part.</summary>
    public static string WithDifferentRandomPart(string secret) => WithDifferentCharacter(secret, secret.Length - ChecksumLength - OwnerLength - 1);

    /// <summary>The same random part, a key that does not exist.</summary>
    public static string WithDifferentOwner(string secret) => WithDifferentCharacter(secret, secret.Length - ChecksumLength - 1);

    /// <summary>The same key and random part, another environment.</summary>
    public static string WithEnvironment(string secret, string environment) =>
        WithChecksum($"vk-lw-{environment}_{secret[11..^ChecksumLength]}");

    private static string WithDifferentCharacter(string secret, int index) => WithChecksum(
        secret[..index] + Alphabet[(Alphabet.IndexOf(secret[index], StringComparison.Ordinal) + 1) % 32]
        + secret[(index + 1)..^ChecksumLength]);

    /// <summary>The CRC-32 of the text, big-endian, five bits a character from the top, the rest filled with zeros.</summary>
    private static string WithChecksum(string body)
    {
        var bits = (ulong)Crc32.HashToUInt32(Encoding.ASCII.GetBytes(body)) << 32;
        var checksum = Enumerable.Range(1, ChecksumLength).Select(i => Alphabet[(int)(bits >> (64 - (5 * i))) & 31]);
        return body + string.Concat(checksum);
    }
}
