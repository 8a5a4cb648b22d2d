using System.Text;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Http;

/// <summary>The bytes of a request, in which one text can change. Not thread-safe.</summary>
internal sealed class PreparedRequest
{
    private readonly byte[] _bytes;
    private readonly int _offset;
    private readonly Func<string>? _createText;

    private PreparedRequest(string request, string? text = null, Func<string>? createText = null)
    {
        _bytes = Encoding.ASCII.GetBytes(request);
        _offset = text is null ? 0 : request.IndexOf(text, StringComparison.Ordinal);
        _createText = createText;
    }

    /// <summary>Creates a request without a body or credential.</summary>
    public static PreparedRequest Get(string path) => new($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>Creates a request to verify a secret.</summary>
    public static PreparedRequest Verify(string apiKey, string secret) => new(CreateVerify(apiKey, secret));

    /// <summary>Creates requests to verify a secret, each with another API key.</summary>
    /// <param name="createApiKey">Returns API keys of the same length.</param>
    /// <param name="secret">The secret.</param>
    public static PreparedRequest VerifyWithApiKeys(Func<string> createApiKey, string secret)
    {
        var apiKey = createApiKey();
        return new PreparedRequest(CreateVerify(apiKey, secret), apiKey, createApiKey);
    }

    /// <summary>Creates requests to verify secrets, each another one.</summary>
    /// <param name="apiKey">The API key.</param>
    /// <param name="createSecret">Returns secrets of the same length.</param>
    public static PreparedRequest VerifySecrets(string apiKey, Func<string> createSecret)
    {
        var secret = createSecret();
        return new PreparedRequest(CreateVerify(apiKey, secret), secret, createSecret);
    }

    /// <summary>Returns the next request. The bytes are valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_createText is not null) Encoding.ASCII.GetBytes(_createText(), _bytes.AsSpan(_offset));
        return _bytes;
    }

    private static string CreateVerify(string apiKey, string secret)
    {
        var body = $$"""{"secret":"{{secret}}"}""";
        return $"POST {Routes.Verify} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {apiKey}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
