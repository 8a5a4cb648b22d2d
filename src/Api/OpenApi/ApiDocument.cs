using System.Text.Json.Nodes;
using KeysCluster.Api.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace KeysCluster.Api.OpenApi;

/// <summary>The OpenAPI document, made from the endpoints, and the page that shows it.</summary>
internal static class ApiDocument
{
    private const string ProjectScheme = "project_api_key";
    private const string BearerScheme = "bearer";

    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => type.Type.DeclaringType is { } operation
            ? operation.Name + type.Type.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer(Describe);
        options.AddSchemaTransformer(DescribeTexts);
    }

    /// <summary>The generator cannot see what converters of ours write.</summary>
    private static Task DescribeTexts(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset)) schema.Type = JsonSchemaType.String;
        if (type == typeof(DateTimeOffset?)) schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. ExactEnumConverter.Names(type).Select(name => JsonValue.Create(name))];
        }

        return Task.CompletedTask;
    }

    private static Task Describe(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "KeysCluster",
            Version = "1.0.0",
            Description = "Issues, rotates and validates virtual keys.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ProjectScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-Auth-Token",
                Description = "A project API key, sk-lw-…; the admin key for /api/projects.",
            },
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same keys in the Authorization header.",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ProjectScheme, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/v1.json");
        routes.MapScalarApiReference("/docs", options => options
            .WithTitle("KeysCluster API")
            .WithOpenApiRoutePattern("/openapi/v1.json")
            .DisableDefaultFonts());
    }
}
