using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace KeysCluster.Api.OpenApi;

/// <summary>
/// The OpenAPI document, which is generated once. Anybody may request it, and its generation takes as long as hundreds
/// of validations.
/// </summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly Lazy<Task<FileContentHttpResult>> _response = new(() => CreateAsync(provider));

    /// <summary>Returns the response: the document with its entity tag, or 304 to a client that has it.</summary>
    public Task<FileContentHttpResult> GetAsync() => _response.Value;

    private static async Task<FileContentHttpResult> CreateAsync(IOpenApiDocumentProvider provider)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        using var stream = new MemoryStream();
        await document.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
        var bytes = stream.ToArray();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
        return TypedResults.Bytes(bytes, "application/json;charset=utf-8", entityTag: tag);
    }
}
