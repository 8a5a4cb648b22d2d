using System.Buffers.Text;
using System.Security.Cryptography;
using KeysCluster.Client;

namespace KeysCluster.Cli.Import;

/// <summary>The text of a hash. A wrong algorithm or encoding is noticed before anything is sent.</summary>
internal static class HashText
{
    /// <summary>Returns why a text is not a hash; null if it is one.</summary>
    public static string? FindProblem(string text, ImportedHashAlgorithm algorithm, HashEncoding encoding)
    {
        var length = algorithm == ImportedHashAlgorithm.Sha512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;
        return GetLength(text, encoding) == length ? null : $"hash does not have {length} bytes in {encoding switch
        {
            HashEncoding.Hex => "hexadecimal digits",
            _ => "base64",
        }}.";
    }

    private static int? GetLength(string text, HashEncoding encoding)
    {
        if (encoding == HashEncoding.Hex)
            return text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? text.Length / 2 : null;
        return Base64Url.IsValid(text.Replace('+', '-').Replace('/', '_'), out var length) ? length : null;
    }
}
