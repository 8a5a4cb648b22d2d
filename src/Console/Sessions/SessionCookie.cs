using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>
/// The cookie of a session: its id, the key under which its credential is encrypted, and a token that is replaced about
/// every minute. A copy of an old value is therefore of no use.
/// </summary>
internal sealed record SessionCookie(byte[] Id, byte[] Key, byte[] Token)
{
    private const int IdBytes = 16;
    private const int KeyBytes = 32;
    private const int TokenBytes = 16;

    /// <summary>Browsers accept this prefix only with HTTPS, for this host and for all of its paths.</summary>
    private const string SecureName = "__Host-keys-console";

    /// <summary>Without HTTPS, which only a browser on the same machine should be.</summary>
    private const string PlainName = "keys-console";

    public static SessionCookie Create() => new(
        RandomNumberGenerator.GetBytes(IdBytes),
        RandomNumberGenerator.GetBytes(KeyBytes),
        RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Returns the cookie of a request; null if it has none or a malformed one.</summary>
    public static SessionCookie? Read(HttpRequest request)
    {
        if (request.Cookies[GetName(request)] is not { Length: > 0 and < 256 } text) return null;
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == IdBytes + KeyBytes + TokenBytes
            ? new SessionCookie(bytes[..IdBytes], bytes[IdBytes..^TokenBytes], bytes[^TokenBytes..])
            : null;
    }

    public void Write(HttpResponse response) => response.Cookies.Append(
        GetName(response.HttpContext.Request),
        Base64Url.EncodeToString([.. Id, .. Key, .. Token]),
        CreateOptions(response.HttpContext.Request));

    public static void Delete(HttpResponse response)
    {
        var request = response.HttpContext.Request;
        response.Cookies.Delete(GetName(request), CreateOptions(request));
    }

    /// <summary>Hides the secrets.</summary>
    public override string ToString() => nameof(SessionCookie);

    private static string GetName(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    /// <summary>A link from another site, such as in a message, opens the page with the session.</summary>
    private static CookieOptions CreateOptions(HttpRequest request) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
