using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeysCluster.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace KeysCluster.WebConsole.OpenIdConnect;

/// <summary>
/// Encrypts what the browser carries during a sign-in, under a key that all front ends have. The data protection of
/// ASP.NET Core would need a key ring that they share.
/// </summary>
internal sealed class SealedDataFormat<T>(IDataSerializer<T> serializer, string purpose, string keyMaterial)
    : ISecureDataFormat<T>
{
    private readonly byte[] _purpose = Encoding.UTF8.GetBytes($"console sign-in {purpose}");
    private readonly byte[] _key = Encoding.UTF8.GetBytes(keyMaterial);

    public string Protect(T data) => Protect(data, purpose: null);

    public string Protect(T data, string? purpose) => Base64Url.EncodeToString(
        AesGcmSealer.Seal(_key, _purpose, serializer.Serialize(data), Encoding.UTF8.GetBytes(purpose ?? "")));

    public T? Unprotect(string? protectedText) => Unprotect(protectedText, purpose: null);

    public T? Unprotect(string? protectedText, string? purpose)
    {
        if (!Base64Url.IsValid(protectedText)) return default;
        try
        {
            return serializer.Deserialize(AesGcmSealer.Open(
                _key, _purpose, Base64Url.DecodeFromChars(protectedText), Encoding.UTF8.GetBytes(purpose ?? "")));
        }
        catch (CryptographicException)
        {
            return default;
        }
    }
}
