using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>Compares presented keys with the admin key.</summary>
internal sealed class AdminKey(IOptions<AdminKeyOptions> options)
{
    // Files with secrets often end with a line break; ApiKeyHeader trims the presented key too.
    private readonly byte[] _digest = ComputeDigest(options.Value.AdminKey.Trim());

    /// <summary>
    /// Returns whether <paramref name="text"/> is the admin key. The duration reveals neither the length of the key nor
    /// how much of it matches.
    /// </summary>
    public bool Matches(string text) => CryptographicOperations.FixedTimeEquals(ComputeDigest(text), _digest);

    private static byte[] ComputeDigest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
