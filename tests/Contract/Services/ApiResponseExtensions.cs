namespace KeysCluster.Contract.Tests.Services;

internal static class ApiResponseExtensions
{
    extension(ApiResponse response)
    {
        /// <summary>The virtual key in the response.</summary>
        public JsonElement VirtualKey => response.Json.GetProperty("virtual_key");

        /// <summary>The project in the response.</summary>
        public JsonElement Project => response.Json.GetProperty("project");
    }
}
