using System.IO.Hashing;
using System.Text;

namespace KeysCluster.TestKit;

/// <summary>
/// Forges texts in the format of a secret with a correct checksum: prefix, random part (32), owner (26) and checksum
/// (7), in Crockford's base32. Implements the documented format independently of the service.
/// </summary>
public static class ForgedSecret
{
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    public const int ChecksumLength = 7;

    private const int OwnerLength = 26;

    /// <summary>The length of the part of the random part that no display prefix shows.</summary>
    private const int HiddenLength = 26;

    /// <summary>Returns the part of the random part that no display prefix shows.</summary>
    public static string GetHiddenRandomPart(string secret)
    {
        var end = secret.Length - ChecksumLength - OwnerLength;
        return secret[(end - HiddenLength)..end];
    }

    public static string Create(string prefix, string random, string owner) => WithChecksum(prefix + random + owner);

    /// <summary>Keeps the owner and changes the random part.</summary>
    public static string WithDifferentRandomPart(string secret) =>
        WithDifferentCharacter(secret, secret.Length - ChecksumLength - OwnerLength - 1);

    /// <summary>Keeps the random part and changes the owner to a key that does not exist.</summary>
    public static string WithDifferentOwner(string secret) =>
        WithDifferentCharacter(secret, secret.Length - ChecksumLength - 1);

    /// <summary>Keeps the owner and the random part and changes the environment.</summary>
    public static string WithEnvironment(string secret, string environment) =>
        WithChecksum($"vk-lw-{environment}_{secret[11..^ChecksumLength]}");

    /// <summary>Appends the CRC-32 of the text: big-endian, five bits per character, padded with zeros.</summary>
    public static string WithChecksum(string text)
    {
        var bits = (ulong)Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text)) << 32;
        var checksum = Enumerable.Range(1, ChecksumLength).Select(i => Alphabet[(int)(bits >> (64 - (5 * i))) & 31]);
        return text + string.Concat(checksum);
    }

    private static string WithDifferentCharacter(string secret, int index)
    {
        var position = Alphabet.IndexOf(secret[index], StringComparison.Ordinal);
        var replacement = Alphabet[(position + 1) % Alphabet.Length];
        return WithChecksum(secret[..index] + replacement + secret[(index + 1)..^ChecksumLength]);
    }
}
