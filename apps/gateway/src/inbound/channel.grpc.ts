import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { channel } from '@parley/contracts';
import { ShowChannel } from '../usecases/show-channel.js';

@Controller()
export class ChannelGrpc {
  constructor(private readonly show: ShowChannel) {}

  @GrpcMethod('ChannelService', 'getSend')
  getSend({ sendId }: channel.GetSendRequest): Promise<channel.GetSendResponse> {
    return this.show.send(sendId);
  }

  @GrpcMethod('ChannelService', 'listNumbers')
  listNumbers(): Promise<channel.ListNumbersResponse> {
    return this.show.numbers();
  }
}
