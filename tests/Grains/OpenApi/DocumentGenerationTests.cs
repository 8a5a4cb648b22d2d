using KeysCluster.Api.OpenApi;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeysCluster.Grains.Tests.OpenApi;

/// <summary>The generation of the document takes 10 ms, and anybody may request it.</summary>
public sealed class DocumentGenerationTests
{
    [Fact]
    public async Task The_document_is_generated_once_however_many_requests_there_are()
    {
        var provider = new CountingProvider();
        var document = new ApiDocument(provider);

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(document.GetAsync)));
        await document.GetAsync();

        Assert.Equal(1, provider.Count);
        Assert.Single(responses.Select(response => response.EntityTag).Distinct());
    }

    private sealed class CountingProvider : IOpenApiDocumentProvider
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task<OpenApiDocument> GetOpenApiDocumentAsync(CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            return Task.FromResult(new OpenApiDocument { Info = new OpenApiInfo { Title = "a", Version = "1" } });
        }
    }
}
