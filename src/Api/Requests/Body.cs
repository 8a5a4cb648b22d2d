using System.Reflection;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace KeysCluster.Api.Requests;

/// <summary>
/// A JSON body of a call, read and checked before its handler runs; <see cref="RefuseBadRequests"/> answers for those
/// that are wrong.
/// </summary>
internal sealed class Body<T> : IRequestPart, IEndpointParameterMetadataProvider
    where T : class, new()
{
    private Body(T? value, ErrorResult? error) => (Value, Error) = (value!, error);

    public T Value { get; }

    public ErrorResult? Error { get; }

    public static async ValueTask<Body<T>> BindAsync(HttpContext context)
    {
        var (value, error) = await JsonBody.Read<T>(context);
        return new Body<T>(value, error);
    }

    /// <summary>
    /// Any type, as far as finding the endpoint goes: another one would be refused before it is known who calls, and
    /// though the body is empty. What is in it must be JSON all the same.
    /// </summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(
            ["application/json", JsonBody.AnyType], typeof(T), isOptional: JsonBody.MayBeEmpty<T>()));
}

/// <summary>Marks a request whose body may be empty: every member of it has a default.</summary>
internal interface IMayBeEmpty;
