using System.Net.Http.Headers;
using System.Text;

namespace KeysCluster.Api.Authentication;

/// <summary>The API key that a request presents, and the project that Basic credentials name beside it.</summary>
internal readonly record struct PresentedKey(string Text, string? ProjectId)
{
    /// <summary>
    /// The first of Basic, Bearer and X-Auth-Token that is there and readable. A malformed Basic or an empty Bearer
    /// falls through to the next one; a wrong key does not. Source: how existing clients call.
    /// </summary>
    public static PresentedKey? From(IHeaderDictionary headers)
    {
        foreach (var header in headers.Authorization)
        {
            if (!AuthenticationHeaderValue.TryParse(header, out var authorization)) continue;
            if (FromBasic(authorization) is { } basic) return basic;
            if (IsScheme(authorization, "Bearer") && !string.IsNullOrWhiteSpace(authorization.Parameter))
                return new PresentedKey(authorization.Parameter.Trim(), null);
        }

        var token = headers["X-Auth-Token"].ToString().Trim();
        return token.Length > 0 ? new PresentedKey(token, null) : null;
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => "(API key)";

    private static PresentedKey? FromBasic(AuthenticationHeaderValue authorization)
    {
        if (!IsScheme(authorization, "Basic")) return null;
        var buffer = new byte[authorization.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(authorization.Parameter ?? "", buffer, out var length)) return null;
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        return parts is [{ Length: > 0 } project, { Length: > 0 } key] ? new PresentedKey(key, project) : null;
    }

    private static bool IsScheme(AuthenticationHeaderValue authorization, string scheme) =>
        authorization.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
