using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace KeysCluster.WebConsole.Http;

/// <summary>
/// A file of the pages. Its path contains its digest, so browsers cache it until it changes. It is embedded in the
/// assembly: the service needs no folder of files.
/// </summary>
internal sealed class ConsoleAsset
{
    private readonly byte[] _content;

    private ConsoleAsset(string name, string contentType)
    {
        using var resource = typeof(ConsoleAsset).Assembly.GetManifestResourceStream(name)!;
        _content = new byte[resource.Length];
        resource.ReadExactly(_content);
        ContentType = contentType;
        var digest = Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 8));
        Path = $"{ConsolePaths.Home}/assets/{digest}/{name}";
    }

    public static ConsoleAsset Script { get; } = new("console.js", "text/javascript; charset=utf-8");

    public static ConsoleAsset Style { get; } = new("console.css", "text/css; charset=utf-8");

    public string Path { get; }

    public string ContentType { get; }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return context.Response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }
}
