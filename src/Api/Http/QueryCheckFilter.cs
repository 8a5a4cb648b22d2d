using System.Reflection;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Http;

/// <summary>
/// Refuses query parameters that the endpoint does not declare by <see cref="FromQueryAttribute"/>, or that appear
/// twice. A filter that is ignored would return, or change, what the caller did not ask for.
/// </summary>
internal sealed class QueryCheckFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        foreach (var (name, values) in http.Request.Query)
        {
            if (!IsKnown(name, http)) return new(ApiErrors.UnknownParameter(name));
            if (values.Count > 1) return new(ApiErrors.ValidationFailed($"{name} must appear once."));
        }

        return next(context);
    }

    private static bool IsKnown(string name, HttpContext http) =>
        http.GetEndpoint()!.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Select(parameter => parameter.ParameterInfo.GetCustomAttribute<FromQueryAttribute>())
            .Any(attribute => attribute?.Name == name);
}
