using System.IO.Hashing;
using System.Text;

namespace KeysCluster.Grains.Tests.Secrets;

/// <summary>
/// A second implementation of the format of secrets, from its description, that can forge texts with a valid checksum.
/// </summary>
internal static class SecretText
{
    public const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    public const string Prefix = "vk-lw-live_";
    public const int ChecksumLength = 7;

    /// <summary>A secret of an earlier version, which must stay valid.</summary>
    public const string KnownValidSecret =
        "vk-lw-live_0123456789ABCDEFGHJKMNPQRSTVWXYZ01ARZ3NDEKTSV4RRFFQ69G5FAVZ01Z778";

    public static string WithChecksum(string text)
    {
        ulong bits = Crc32.HashToUInt32(Encoding.ASCII.GetBytes(text));
        bits <<= (ChecksumLength * 5) - 32;
        var checksum = new char[ChecksumLength];
        for (var i = 0; i < ChecksumLength; i++)
            checksum[i] = Alphabet[(int)(bits >> (5 * (ChecksumLength - 1 - i)) & 31)];
        return text + new string(checksum);
    }

    public static string Forge(string prefix, string random, string owner) => WithChecksum(prefix + random + owner);
}
