using System.Buffers;
using System.Buffers.Text;

namespace KeysCluster.Api.Imports;

/// <summary>The text of a hash.</summary>
internal static class HashText
{
    /// <summary>Returns the bytes of a hash; null if the text is not one of the expected length.</summary>
    public static byte[]? Parse(string text, HashEncoding encoding, int length)
    {
        if (encoding == HashEncoding.Base64) return ParseBase64(text, length);
        var bytes = new byte[length];
        return text.Length == 2 * length
            && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done
                ? bytes
                : null;
    }

    /// <summary>The decoder of the URL-safe alphabet accepts text with and without padding.</summary>
    private static byte[]? ParseBase64(string text, int length)
    {
        var urlSafe = text.Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(urlSafe, out var decoded) && decoded == length
            ? Base64Url.DecodeFromChars(urlSafe)
            : null;
    }
}
