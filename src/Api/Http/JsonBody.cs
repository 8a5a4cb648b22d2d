using System.Reflection;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace KeysCluster.Api.Http;

/// <summary>A JSON body as a handler parameter. <see cref="BadRequestFilter"/> refuses invalid ones.</summary>
internal sealed class JsonBody<T> : IBoundParameter, IEndpointParameterMetadataProvider
    where T : class, new()
{
    private JsonBody(T? value, ErrorResult? error) => (Value, Error) = (value!, error);

    public T Value { get; }

    public ErrorResult? Error { get; }

    public static async ValueTask<JsonBody<T>> BindAsync(HttpContext context)
    {
        var (value, error) = await JsonBodyReader.ReadAsync<T>(context);
        return new JsonBody<T>(value, error);
    }

    /// <summary>
    /// Documents JSON, but lets routing accept any content type. Routing would refuse another type before the request
    /// is authenticated, and even if the body is empty. <see cref="JsonBodyReader"/> checks the type instead.
    /// </summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(
            ["application/json", JsonBodyReader.AnyContentType],
            typeof(T),
            isOptional: JsonBodyReader.IsOptional<T>()));
}
