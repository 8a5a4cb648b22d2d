using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

public sealed partial class DatabaseClock
{
    [LoggerMessage(EventId = 240, Level = LogLevel.Critical,
        Message = "The clock of this silo, {SiloTime:O}, differs from that of the database, {DatabaseTime:O}, by more "
            + "than {MaxOffset}. The silo gives up its lease, is not ready and erases nothing until the clocks agree.")]
    private static partial void LogInaccurate(
        ILogger logger, DateTimeOffset siloTime, DateTimeOffset databaseTime, TimeSpan maxOffset);

    [LoggerMessage(EventId = 241, Level = LogLevel.Information,
        Message = "The clocks of this silo and of the database agree again; offset {Offset}.")]
    private static partial void LogAccurate(ILogger logger, TimeSpan offset);

    [LoggerMessage(EventId = 242, Level = LogLevel.Warning,
        Message = "The clock of this silo differs from that of the database by {Offset}, more than half of the "
            + "permitted {MaxOffset}. Beyond that, the silo gives up its lease.")]
    private static partial void LogNearLimit(ILogger logger, TimeSpan offset, TimeSpan maxOffset);
}
