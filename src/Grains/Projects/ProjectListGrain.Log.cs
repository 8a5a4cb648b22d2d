using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Projects;

internal sealed partial class ProjectListGrain
{
    [LoggerMessage(EventId = 225, Level = LogLevel.Error,
        Message = "The stored state of project {ProjectId} cannot be read; the list omits it.")]
    private static partial void LogUnreadable(ILogger logger, string projectId);
}
