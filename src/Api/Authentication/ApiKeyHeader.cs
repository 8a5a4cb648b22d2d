using System.Net.Http.Headers;
using System.Text;

namespace KeysCluster.Api.Authentication;

/// <summary>The API key in the headers of a request.</summary>
internal readonly record struct ApiKeyHeader(string Key)
{
    private const string TokenHeader = "X-Auth-Token";

    /// <summary>
    /// Returns the first readable one of Basic, Bearer and <c>X-Auth-Token</c>. A malformed Basic or an empty Bearer
    /// falls back to the next one, as existing clients expect; a wrong key does not.
    /// </summary>
    public static ApiKeyHeader? From(IHeaderDictionary headers)
    {
        if (FromAuthorization(headers) is { } header) return header;
        var token = headers[TokenHeader].ToString().Trim();
        return token.Length > 0 ? new ApiKeyHeader(token) : null;
    }

    /// <summary>Returns whether headers contain several keys. The same key in both headers is one.</summary>
    public static bool HasSeveral(IHeaderDictionary headers)
    {
        if (headers.Authorization.Count > 1 || headers[TokenHeader].Count > 1) return true;
        var token = headers[TokenHeader].ToString().Trim();
        return token.Length > 0 && FromAuthorization(headers) is { } header && header.Key != token;
    }

    /// <summary>Does not contain the key.</summary>
    public override string ToString() => "(API key)";

    private static ApiKeyHeader? FromAuthorization(IHeaderDictionary headers)
    {
        if (!AuthenticationHeaderValue.TryParse(headers.Authorization, out var authorization)) return null;
        if (FromBasic(authorization) is { } basic) return basic;
        return IsScheme(authorization, "Bearer") && !string.IsNullOrWhiteSpace(authorization.Parameter)
            ? new ApiKeyHeader(authorization.Parameter.Trim())
            : null;
    }

    /// <summary>
    /// Reads the key after the colon. Clients send a project id before it, which does not matter: the key names its
    /// project. Some leave out the padding of base64.
    /// </summary>
    private static ApiKeyHeader? FromBasic(AuthenticationHeaderValue authorization)
    {
        if (!IsScheme(authorization, "Basic")) return null;
        var text = (authorization.Parameter ?? "").TrimEnd('=');
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var length)) return null;
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return parts is [{ Length: > 0 }, { Length: > 0 } key] ? new ApiKeyHeader(key) : null;
    }

    private static bool IsScheme(AuthenticationHeaderValue authorization, string scheme) =>
        authorization.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
