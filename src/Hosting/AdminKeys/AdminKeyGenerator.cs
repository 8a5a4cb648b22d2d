using System.Security.Cryptography;
using SimpleBase;

namespace KeysCluster.Hosting.AdminKeys;

/// <summary>Generates admin keys.</summary>
public static class AdminKeyGenerator
{
    private const int RandomBytes = 30;

    /// <summary>Returns a new key: <c>ak-lw-</c> and 240 random bits in Crockford's base32.</summary>
    public static string Create() => $"ak-lw-{Base32.Crockford.Encode(RandomNumberGenerator.GetBytes(RandomBytes))}";
}
