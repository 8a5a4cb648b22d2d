using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Authentication;

/// <summary>
/// The key of the administrator, of which this process keeps a digest beside its configuration. Blanks and line ends around
/// it, such as files of secrets end with, do not count, nor do they around a key that is presented.
/// </summary>
internal sealed class AdminKey(IOptions<ApiSettings> settings)
{
    private readonly byte[] _digest = Digest(settings.Value.AdminKey.Trim());

    /// <summary>Whether a text is the admin key, in a time that tells neither how much of it is nor how long it is.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Digest(text), _digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
